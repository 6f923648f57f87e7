<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>1 of 3 networks</source>
        <translation>1/3 网络</translation>
    </message>
    <message>
        <source>2 of 3 networks</source>
        <translation>2/3 网络</translation>
    </message>
    <message>
        <source>A pressure outside the range becomes {v} {unit}.</source>
        <translation>超出范围的压力将变为 {v} {unit}。</translation>
    </message>
    <message>
        <source>A supply valve is read back as open although it is told to be shut.</source>
        <translation>某供气阀已被命令关闭，回读却为打开。</translation>
    </message>
    <message>
        <source>A tone was played on {device}.</source>
        <translation>已在 {device} 上播放提示音。</translation>
    </message>
    <message>
        <source>A valve does not follow its orders.</source>
        <translation>有阀门不按指令动作。</translation>
    </message>
    <message>
        <source>ABDOMEN · estimate</source>
        <translation>腹腔压力 · 估算</translation>
    </message>
    <message>
        <source>ABDOMEN · not known</source>
        <translation>腹腔压力 · 未知</translation>
    </message>
    <message>
        <source>Above {limit} a child&apos;s small abdomen overfills quickly.</source>
        <translation>高于 {limit} 时，患儿较小的腹腔会很快过度充气。</translation>
    </message>
    <message>
        <source>Above {limit} the abdomen is stretched fast, and the heart may slow down.</source>
        <translation>高于 {limit} 时腹膜牵张过快，心率可能减慢。</translation>
    </message>
    <message>
        <source>Above {limit} the endoscope&apos;s tip may burn tissue or drapes within seconds.</source>
        <translation>高于 {limit} 时，镜头前端可在数秒内灼伤组织或手术单。</translation>
    </message>
    <message>
        <source>Above {limit} the gas loads a child&apos;s heart and lungs more.</source>
        <translation>高于 {limit} 时，气腹对患儿心肺的负担加重。</translation>
    </message>
    <message>
        <source>Above {limit} the gas loads heart, lungs and veins more.</source>
        <translation>高于 {limit} 时，气腹对心、肺和静脉的负担加重。</translation>
    </message>
    <message>
        <source>Above {limit} through the needle, a misplaced tip is noticed later.</source>
        <translation>经气腹针流量高于 {limit} 时，针尖错位会更晚被发现。</translation>
    </message>
    <message>
        <source>Administration</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Alarm sound</source>
        <translation>报警声</translation>
    </message>
    <message>
        <source>Alarms are not heard: {why}.</source>
        <translation>听不到报警声：{why}。</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>Answers, but has not said who it is.</source>
        <translation>有应答，但尚未表明身份。</translation>
    </message>
    <message>
        <source>Answers. Firmware {firmware}, protocol version {version}.</source>
        <translation>有应答。固件 {firmware}，协议版本 {version}。</translation>
    </message>
    <message>
        <source>At rest a sensor reads {value} {unit}; below -{limit} the abdomen&apos;s pressure would look too low.</source>
        <translation>静止时某传感器读数为 {value} {unit}；低于 -{limit} 会使腹腔压力显示偏低。</translation>
    </message>
    <message>
        <source>At rest both read zero: {low} and {high} {unit}.</source>
        <translation>静止时两者均为零位：{low} 和 {high} {unit}。</translation>
    </message>
    <message>
        <source>BAD</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>BRIGHTNESS {percent} %</source>
        <translation>亮度 {percent} %</translation>
    </message>
    <message>
        <source>Bus</source>
        <translation>总线</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>CRC</source>
        <translation>CRC</translation>
    </message>
    <message>
        <source>CRC errors</source>
        <translation>CRC 错误</translation>
    </message>
    <message>
        <source>Call service.</source>
        <translation>请联系维修。</translation>
    </message>
    <message>
        <source>Call service. The light is dimmed when it gets hot.</source>
        <translation>请联系维修。光源过热时会自动调暗。</translation>
    </message>
    <message>
        <source>Camera head</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Cannot be worked with: {why}.</source>
        <translation>不能使用：{why}。</translation>
    </message>
    <message>
        <source>Check its power, its address and the two wires of the line, then test again.</source>
        <translation>检查其电源、地址和总线的两根线，然后重新测试。</translation>
    </message>
    <message>
        <source>Check that nothing blocks it. The light is dimmed when it gets hot.</source>
        <translation>检查是否被堵住。光源过热时会自动调暗。</translation>
    </message>
    <message>
        <source>Check the camera&apos;s cable and power. The picture comes by itself.</source>
        <translation>检查摄像头的电缆和电源。图像会自动出现。</translation>
    </message>
    <message>
        <source>Check the disk. Nothing can be recorded until it answers.</source>
        <translation>检查磁盘。磁盘无响应时无法录像。</translation>
    </message>
    <message>
        <source>Check the lamp&apos;s plug, or use another light source.</source>
        <translation>检查灯的插头，或换用其他光源。</translation>
    </message>
    <message>
        <source>Check the loudspeaker, or keep the screen in sight.</source>
        <translation>检查扬声器，或注意看屏幕。</translation>
    </message>
    <message>
        <source>Check the modules&apos; power and the two wires of the line.</source>
        <translation>检查各模块的电源和总线的两根线。</translation>
    </message>
    <message>
        <source>Clinical</source>
        <translation>临床</translation>
    </message>
    <message>
        <source>Close the cylinder and call service.</source>
        <translation>关闭气瓶并联系维修。</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Connect a loudspeaker, or keep the screen in sight.</source>
        <translation>连接扬声器，或注意看屏幕。</translation>
    </message>
    <message>
        <source>Connect the right module, or bring its software up to date.</source>
        <translation>连接正确的模块，或更新其软件。</translation>
    </message>
    <message>
        <source>Cycle late: p99 {p99} ms · most {most} ms</source>
        <translation>周期延迟：p99 {p99} ms · 最大 {most} ms</translation>
    </message>
    <message>
        <source>Difference at rest, mean of {s} s: {offset}</source>
        <translation>静止时差值，{s} 秒平均：{offset}</translation>
    </message>
    <message>
        <source>Difference at rest: not known; stop the gas and wait</source>
        <translation>静止时差值：未知；请停止充气并等待</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>磁盘</translation>
    </message>
    <message>
        <source>Does not answer.</source>
        <translation>无应答。</translation>
    </message>
    <message>
        <source>Does not turn as it is told to.</source>
        <translation>转速与指令不符。</translation>
    </message>
    <message>
        <source>Each supply valve</source>
        <translation>各供气阀</translation>
    </message>
    <message>
        <source>Enhanced view</source>
        <translation>增强图像</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>FLOW</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Fan</source>
        <translation>风扇</translation>
    </message>
    <message>
        <source>Faulty pressure sensor: {sensor}.</source>
        <translation>压力传感器故障：{sensor}。</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>Flow and pressure must then be in the ranges shown.</source>
        <translation>届时流量和压力须在所示范围内。</translation>
    </message>
    <message>
        <source>Flow becomes {v} {unit}.</source>
        <translation>流量变为 {v} {unit}。</translation>
    </message>
    <message>
        <source>Gas</source>
        <translation>气体</translation>
    </message>
    <message>
        <source>Gas is on: tested at rest only.</source>
        <translation>正在供气：仅在静止时测试。</translation>
    </message>
    <message>
        <source>Gas mode</source>
        <translation>充气模式</translation>
    </message>
    <message>
        <source>Gas: {time} of supply, {used} l used since the count was reset</source>
        <translation>气体：清零后已供气 {time}，用气 {used} l</translation>
    </message>
    <message>
        <source>HIGH</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Hex</source>
        <translation>十六进制</translation>
    </message>
    <message>
        <source>Insufflator</source>
        <translation>气腹机</translation>
    </message>
    <message>
        <source>Its speed cannot be right.</source>
        <translation>其转速读数不可信。</translation>
    </message>
    <message>
        <source>LIGHT</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>LINE PRESSURE</source>
        <translation>管路压力</translation>
    </message>
    <message>
        <source>LOW</source>
        <translation>低</translation>
    </message>
    <message>
        <source>Lamp temperature</source>
        <translation>灯温</translation>
    </message>
    <message>
        <source>Let it cool and check that its vents are free, then test again.</source>
        <translation>待其冷却并确认通风口畅通，然后重新测试。</translation>
    </message>
    <message>
        <source>Light source</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>Light: {hours} of use</source>
        <translation>光源：已使用 {hours}</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>MEDIUM</source>
        <translation>中</translation>
    </message>
    <message>
        <source>Module</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Needs gas: the control unit tests each valve alone whenever gas starts.</source>
        <translation>需要供气：每次开始充气时，控制单元会逐一测试各阀。</translation>
    </message>
    <message>
        <source>No code is set. On this machine: main.py access set-code {role}</source>
        <translation>尚未设置密码。请在本机运行：main.py access set-code {role}</translation>
    </message>
    <message>
        <source>No picture has come.</source>
        <translation>没有收到图像。</translation>
    </message>
    <message>
        <source>No reading has come.</source>
        <translation>没有收到读数。</translation>
    </message>
    <message>
        <source>No sound</source>
        <translation>无声音</translation>
    </message>
    <message>
        <source>No sound output was found: alarms are not heard.</source>
        <translation>未找到声音输出：听不到报警声。</translation>
    </message>
    <message>
        <source>No tone was confirmed: alarms may not be heard.</source>
        <translation>提示音未得到确认：可能听不到报警声。</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>P(clear) {p}</source>
        <translation>P(清晰) {p}</translation>
    </message>
    <message>
        <source>P1 {value}</source>
        <translation>P1 {value}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Plug the adapter in or correct the port, then test again.</source>
        <translation>插好适配器或更正端口，然后重新测试。</translation>
    </message>
    <message>
        <source>Port {port} · losses {n} · bytes discarded {bytes}</source>
        <translation>端口 {port} · 断开 {n} 次 · 丢弃 {bytes} 字节</translation>
    </message>
    <message>
        <source>Pressure becomes {v} {unit}.</source>
        <translation>压力变为 {v} {unit}。</translation>
    </message>
    <message>
        <source>Pressure sensor 1: {first} · sensor 2: {second}</source>
        <translation>压力传感器 1：{first} · 传感器 2：{second}</translation>
    </message>
    <message>
        <source>Pressure sensors</source>
        <translation>压力传感器</translation>
    </message>
    <message>
        <source>Pressure stays {v} {unit}.</source>
        <translation>压力保持 {v} {unit}。</translation>
    </message>
    <message>
        <source>Pressure zero</source>
        <translation>压力零位</translation>
    </message>
    <message>
        <source>Protocol version</source>
        <translation>协议版本</translation>
    </message>
    <message>
        <source>Read back as open at rest.</source>
        <translation>静止时回读为打开。</translation>
    </message>
    <message>
        <source>Read back as shut. Opening it would empty an abdomen: judged when it first opens.</source>
        <translation>回读为关闭。打开会排空腹腔：待其首次打开时判断。</translation>
    </message>
    <message>
        <source>Read back as shut; the flow is {flow} l/min.</source>
        <translation>回读为关闭；流量为 {flow} l/min。</translation>
    </message>
    <message>
        <source>Refusals</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Relief valve</source>
        <translation>泄压阀</translation>
    </message>
    <message>
        <source>Replies</source>
        <translation>应答</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Retries</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Round trip, median</source>
        <translation>往返时间，中位数</translation>
    </message>
    <message>
        <source>Round trip, p99</source>
        <translation>往返时间，p99</translation>
    </message>
    <message>
        <source>STOP first</source>
        <translation>请先停止</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>维护</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Standby</source>
        <translation>待机</translation>
    </message>
    <message>
        <source>Standby current</source>
        <translation>待机电流</translation>
    </message>
    <message>
        <source>Stands still, as it may below {limit} °C. Its speed is watched from there on.</source>
        <translation>静止；低于 {limit} °C 时属正常。高于此温度时监测其转速。</translation>
    </message>
    <message>
        <source>State not known</source>
        <translation>状态未知</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Supply valves shut</source>
        <translation>供气阀关闭</translation>
    </message>
    <message>
        <source>Supplying</source>
        <translation>正在供气</translation>
    </message>
    <message>
        <source>Switch the light source off and on again. If it stays, call service.</source>
        <translation>将光源关闭后重新打开。如仍存在，请联系维修。</translation>
    </message>
    <message>
        <source>TURNED 180°</source>
        <translation>已旋转 180°</translation>
    </message>
    <message>
        <source>Take the tube off and test again. If it stays, the sensors need their zero set by service.</source>
        <translation>取下气腹管后重新测试。如仍存在，须由维修人员校零。</translation>
    </message>
    <message>
        <source>Take the tube off and test again. If they still differ, call service.</source>
        <translation>取下气腹管后重新测试。如仍不一致，请联系维修。</translation>
    </message>
    <message>
        <source>Take the tube off the patient, close the cylinder and call service.</source>
        <translation>将气腹管从患者处取下，关闭气瓶并联系维修。</translation>
    </message>
    <message>
        <source>Take the tube off, then test again.</source>
        <translation>取下气腹管，然后重新测试。</translation>
    </message>
    <message>
        <source>The disk does not answer.</source>
        <translation>磁盘无响应。</translation>
    </message>
    <message>
        <source>The film has come to its end.</source>
        <translation>影片已结束。</translation>
    </message>
    <message>
        <source>The flow sensor is faulty.</source>
        <translation>流量传感器故障。</translation>
    </message>
    <message>
        <source>The insufflator&apos;s own pressure limit has acted.</source>
        <translation>气腹机自身的压力限制已动作。</translation>
    </message>
    <message>
        <source>The lamp takes no current.</source>
        <translation>灯没有电流。</translation>
    </message>
    <message>
        <source>The lamp&apos;s current cannot be right.</source>
        <translation>灯的电流读数不可信。</translation>
    </message>
    <message>
        <source>The lamp&apos;s temperature cannot be right: {value} °C.</source>
        <translation>灯的温度读数不可信：{value} °C。</translation>
    </message>
    <message>
        <source>The light is kept low. Call service.</source>
        <translation>光源保持低亮度。请联系维修。</translation>
    </message>
    <message>
        <source>The light is on: tested in standby only.</source>
        <translation>光源已打开：仅在待机时测试。</translation>
    </message>
    <message>
        <source>The line holds {value} {unit}, so its zero cannot be seen. Open it to the air to test it.</source>
        <translation>管路内有 {value} {unit}，无法检查零位。请与大气相通后测试。</translation>
    </message>
    <message>
        <source>The networks are not ready yet.</source>
        <translation>网络尚未就绪。</translation>
    </message>
    <message>
        <source>The recording folder can be written; {space}.</source>
        <translation>录像文件夹可写入；{space}。</translation>
    </message>
    <message>
        <source>The right view shows the raw picture until they are.</source>
        <translation>就绪之前右侧显示原始图像。</translation>
    </message>
    <message>
        <source>The right view shows the raw picture. Install the program again.</source>
        <translation>右侧显示原始图像。请重新安装程序。</translation>
    </message>
    <message>
        <source>The two sensors differ: {first} and {second} {unit}, allowed are {limit}.</source>
        <translation>两个传感器不一致：{first} 和 {second} {unit}，允许相差 {limit}。</translation>
    </message>
    <message>
        <source>There is nothing to change.</source>
        <translation>没有需要更改的内容。</translation>
    </message>
    <message>
        <source>This preset is for a procedure without gas. Touch STOP first.</source>
        <translation>此预设用于不充气的手术。请先按停止。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Timeouts</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Turned at {value} % of full speed.</source>
        <translation>转速为全速的 {value} %。</translation>
    </message>
    <message>
        <source>Venting</source>
        <translation>正在排气</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Weights checked, networks ready.</source>
        <translation>权重已校验，网络就绪。</translation>
    </message>
    <message>
        <source>ZOOM {times}×</source>
        <translation>放大 {times}×</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>alarm, {priority}: {text}</source>
        <translation>报警，{priority}：{text}</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>清晰</translation>
    </message>
    <message>
        <source>condition gone, stays until acknowledged</source>
        <translation>情况已消除，确认后消失</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>deblurred</source>
        <translation>已去模糊</translation>
    </message>
    <message>
        <source>delay {ms} ms</source>
        <translation>延迟 {ms} ms</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>flow {value}</source>
        <translation>流量 {value}</translation>
    </message>
    <message>
        <source>gas off</source>
        <translation>停气</translation>
    </message>
    <message>
        <source>gas on</source>
        <translation>供气</translation>
    </message>
    <message>
        <source>gas started</source>
        <translation>开始供气</translation>
    </message>
    <message>
        <source>gas stopped</source>
        <translation>停止供气</translation>
    </message>
    <message>
        <source>gas vented</source>
        <translation>已排气</translation>
    </message>
    <message>
        <source>good</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>half size</source>
        <translation>半尺寸</translation>
    </message>
    <message>
        <source>in</source>
        <translation>收</translation>
    </message>
    <message>
        <source>light on</source>
        <translation>光源打开</translation>
    </message>
    <message>
        <source>light to standby</source>
        <translation>光源待机</translation>
    </message>
    <message>
        <source>manual</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>无应答</translation>
    </message>
    <message>
        <source>no answer from the module</source>
        <translation>模块无应答</translation>
    </message>
    <message>
        <source>no device</source>
        <translation>无设备</translation>
    </message>
    <message>
        <source>no gas</source>
        <translation>不充气</translation>
    </message>
    <message>
        <source>no memory</source>
        <translation>无记忆</translation>
    </message>
    <message>
        <source>not found yet</source>
        <translation>尚未找到</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>old: {age}</source>
        <translation>旧值：{age}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>out</source>
        <translation>发</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>photo</source>
        <translation>拍照</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>raw: no weights</source>
        <translation>原始：无权重</translation>
    </message>
    <message>
        <source>raw: result not trusted</source>
        <translation>原始：结果不可信</translation>
    </message>
    <message>
        <source>raw: result not valid</source>
        <translation>原始：结果无效</translation>
    </message>
    <message>
        <source>raw: result stood still</source>
        <translation>原始：结果静止</translation>
    </message>
    <message>
        <source>raw: starts again</source>
        <translation>原始：正在重新启动</translation>
    </message>
    <message>
        <source>raw: too slow</source>
        <translation>原始：太慢</translation>
    </message>
    <message>
        <source>rec</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>rec end</source>
        <translation>录毕</translation>
    </message>
    <message>
        <source>recording ended</source>
        <translation>录像结束</translation>
    </message>
    <message>
        <source>recording started</source>
        <translation>录像开始</translation>
    </message>
    <message>
        <source>region not known</source>
        <translation>部位未知</translation>
    </message>
    <message>
        <source>set flow became {value}</source>
        <translation>设定流量变为 {value}</translation>
    </message>
    <message>
        <source>set pressure became {value}</source>
        <translation>设定压力变为 {value}</translation>
    </message>
    <message>
        <source>set {value}</source>
        <translation>设定 {value}</translation>
    </message>
    <message>
        <source>since {age}</source>
        <translation>已持续 {age}</translation>
    </message>
    <message>
        <source>snapshot saved</source>
        <translation>照片已保存</translation>
    </message>
    <message>
        <source>sound paused</source>
        <translation>已消音</translation>
    </message>
    <message>
        <source>sounding</source>
        <translation>正在鸣响</translation>
    </message>
    <message>
        <source>standby</source>
        <translation>待机</translation>
    </message>
    <message>
        <source>stays off</source>
        <translation>保持关闭</translation>
    </message>
    <message>
        <source>testing</source>
        <translation>测试中</translation>
    </message>
    <message>
        <source>vent</source>
        <translation>排气</translation>
    </message>
    <message>
        <source>waiting for confirmation</source>
        <translation>等待确认</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>等待中…</translation>
    </message>
    <message>
        <source>weak memory</source>
        <translation>弱记忆</translation>
    </message>
    <message>
        <source>{action}.</source>
        <translation>{action}。</translation>
    </message>
    <message>
        <source>{done} of {all} done</source>
        <translation>已完成 {done}/{all}</translation>
    </message>
    <message>
        <source>{first} and {second} {unit}; up to {limit} apart is allowed.</source>
        <translation>{first} 和 {second} {unit}；允许相差 {limit}。</translation>
    </message>
    <message>
        <source>{flow} l/min flow although both supply valves are shut.</source>
        <translation>两个供气阀均已关闭，仍有 {flow} l/min 流量。</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} 小时</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h} 小时 {m} 分</translation>
    </message>
    <message>
        <source>{low} to {high} {unit}</source>
        <translation>{low} 至 {high} {unit}</translation>
    </message>
    <message>
        <source>{module} does not answer</source>
        <translation>{module}无应答</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m} 分 {s} 秒</translation>
    </message>
    <message>
        <source>{n} failed.</source>
        <translation>{n} 项失败。</translation>
    </message>
    <message>
        <source>{n} failed. Gas stays off.</source>
        <translation>{n} 项失败。气体保持关闭。</translation>
    </message>
    <message>
        <source>{n} failed. Not to be used.</source>
        <translation>{n} 项失败。不得使用。</translation>
    </message>
    <message>
        <source>{port} is open and answered.</source>
        <translation>{port} 已打开并有应答。</translation>
    </message>
    <message>
        <source>{port} is open, but no module answers.</source>
        <translation>{port} 已打开，但没有模块应答。</translation>
    </message>
    <message>
        <source>{rate} frames/s</source>
        <translation>{rate} 帧/秒</translation>
    </message>
    <message>
        <source>{source} gives {size}.</source>
        <translation>{source} 输出 {size}。</translation>
    </message>
    <message>
        <source>{value} lost</source>
        <translation>{value} 未送达</translation>
    </message>
    <message>
        <source>{value} mA in standby, as it should be ({wanted} mA).</source>
        <translation>待机电流 {value} mA，正常（应为 {wanted} mA）。</translation>
    </message>
    <message>
        <source>{value} mA in standby: not what standby takes.</source>
        <translation>待机电流 {value} mA：与待机不符。</translation>
    </message>
    <message>
        <source>{value} refused</source>
        <translation>{value} 被拒绝</translation>
    </message>
    <message>
        <source>{value} °C, too hot: the limit is {limit}.</source>
        <translation>{value} °C，过热：上限为 {limit}。</translation>
    </message>
    <message>
        <source>{value} °C.</source>
        <translation>{value} °C。</translation>
    </message>
    <message>
        <source>{why}.</source>
        <translation>{why}。</translation>
    </message>
    <message>
        <source>−{n} h</source>
        <translation>−{n} 小时</translation>
    </message>
    <message>
        <source>−{n} min</source>
        <translation>−{n} 分</translation>
    </message>
    <message>
        <source>−{n} s</source>
        <translation>−{n} 秒</translation>
    </message>
</context>
<context>
    <name>AccessPage</name>
    <message>
        <source>As service; codes can be changed as well.</source>
        <translation>同维护；还可更改密码。</translation>
    </message>
    <message>
        <source>Demonstration: what the service role may is open to everybody.</source>
        <translation>演示：维护权限对所有人开放。</translation>
    </message>
    <message>
        <source>End role</source>
        <translation>退出角色</translation>
    </message>
    <message>
        <source>New code</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>Role: {role}</source>
        <translation>角色：{role}</translation>
    </message>
    <message>
        <source>Saving, export and the simulated modules are open.</source>
        <translation>可保存、导出和操作模拟模块。</translation>
    </message>
    <message>
        <source>Service can be read. What changes something there needs a code.</source>
        <translation>维护页可查看。其中的更改需要密码。</translation>
    </message>
</context>
<context>
    <name>AlarmBar</name>
    <message>
        <source>+{n} more</source>
        <translation>另有 {n} 个</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>No alarms</source>
        <translation>无报警</translation>
    </message>
    <message>
        <source>all {n}</source>
        <translation>全部 {n}</translation>
    </message>
    <message>
        <source>history</source>
        <translation>历史</translation>
    </message>
</context>
<context>
    <name>AlarmPage</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>No alarms</source>
        <translation>无报警</translation>
    </message>
    <message>
        <source>None so far</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Now ({n})</source>
        <translation>当前（{n}）</translation>
    </message>
    <message>
        <source>{n} alarms, newest first</source>
        <translation>{n} 条报警，最新在前</translation>
    </message>
</context>
<context>
    <name>AlarmsNow</name>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
</context>
<context>
    <name>AlarmsPast</name>
    <message>
        <source>acknowledged at {time}</source>
        <translation>{time} 确认</translation>
    </message>
    <message>
        <source>lasted {time}</source>
        <translation>持续 {time}</translation>
    </message>
    <message>
        <source>not acknowledged</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>still there</source>
        <translation>仍存在</translation>
    </message>
    <message>
        <source>until the program ended</source>
        <translation>至程序结束</translation>
    </message>
</context>
<context>
    <name>AppearanceCard</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Daylight</source>
        <translation>日光</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>结束程序</translation>
    </message>
    <message>
        <source>Gas and light are off.</source>
        <translation>供气和光源均已关闭。</translation>
    </message>
    <message>
        <source>Gas and light are on: both are ended first.</source>
        <translation>供气和光源均开着：先将二者关闭。</translation>
    </message>
    <message>
        <source>Gas is on: it is stopped first.</source>
        <translation>正在供气：先停止供气。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language and display</source>
        <translation>语言与显示</translation>
    </message>
    <message>
        <source>Not all modules answer: the patient is made safe first.</source>
        <translation>并非所有模块均有应答：先确保患者安全。</translation>
    </message>
    <message>
        <source>Pressure in</source>
        <translation>压力单位</translation>
    </message>
    <message>
        <source>The light is on: it goes to standby first.</source>
        <translation>光源开着：先转为待机。</translation>
    </message>
    <message>
        <source>hold {s} s</source>
        <translation>按住 {s} 秒</translation>
    </message>
</context>
<context>
    <name>CameraCard</name>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Exposure {unit}</source>
        <translation>曝光 {unit}</translation>
    </message>
    <message>
        <source>Gain {unit}</source>
        <translation>增益 {unit}</translation>
    </message>
    <message>
        <source>The camera head does not answer</source>
        <translation>摄像头无应答</translation>
    </message>
    <message>
        <source>The camera sets exposure and gain. A value set by hand ends that.</source>
        <translation>曝光和增益由摄像头自动调节。手动设定任一值即退出自动。</translation>
    </message>
    <message>
        <source>White bal. {unit}</source>
        <translation>白平衡 {unit}</translation>
    </message>
    <message>
        <source>White balance now</source>
        <translation>立即白平衡</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>point at a white swab first</source>
        <translation>请先对准白纱布</translation>
    </message>
</context>
<context>
    <name>CameraKeys</name>
    <message>
        <source>Enhanced</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>拍照</translation>
    </message>
    <message>
        <source>as it comes</source>
        <translation>原样</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已调整</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Drawn picture</source>
        <translation>绘制的画面</translation>
    </message>
    <message>
        <source>Its picture is shown on the right as soon as it is chosen.</source>
        <translation>选定后，右侧立即显示其画面。</translation>
    </message>
    <message>
        <source>Which camera?</source>
        <translation>使用哪个摄像机？</translation>
    </message>
    <message>
        <source>no camera, marked SIMULATION</source>
        <translation>无摄像机，标有“模拟”</translation>
    </message>
    <message>
        <source>{name} gives {size}.</source>
        <translation>{name} 输出 {size}。</translation>
    </message>
</context>
<context>
    <name>CameraPanel</name>
    <message>
        <source>CAMERA</source>
        <translation>摄像头</translation>
    </message>
</context>
<context>
    <name>Cards</name>
    <message>
        <source>Gas mode</source>
        <translation>充气模式</translation>
    </message>
    <message>
        <source>{label}: not confirmed in time, nothing was changed</source>
        <translation>{label}：未及时确认，未作更改</translation>
    </message>
</context>
<context>
    <name>Channel</name>
    <message>
        <source>last value is {age} old</source>
        <translation>最后读数距今 {age}</translation>
    </message>
    <message>
        <source>no reading</source>
        <translation>无读数</translation>
    </message>
    <message>
        <source>{age} old</source>
        <translation>距今 {age}</translation>
    </message>
    <message>
        <source>{name}: show the plots large</source>
        <translation>{name}：放大显示曲线</translation>
    </message>
    <message>
        <source>{what}: touch the key to read why</source>
        <translation>{what}：触摸按键查看原因</translation>
    </message>
</context>
<context>
    <name>ChoicePage</name>
    <message>
        <source>does not answer</source>
        <translation>无应答</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>ClosingCard</name>
    <message>
        <source>Back to the tower</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Making the patient safe…</source>
        <translation>正在确保患者安全…</translation>
    </message>
    <message>
        <source>Quit anyway</source>
        <translation>强制退出</translation>
    </message>
    <message>
        <source>The tower could not be made safe</source>
        <translation>未能使设备进入安全状态</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>hold 3 s</source>
        <translation>按住 3 秒</translation>
    </message>
</context>
<context>
    <name>CodePad</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Code of administration</source>
        <translation>管理密码</translation>
    </message>
    <message>
        <source>Code of service</source>
        <translation>维护密码</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>New code of administration</source>
        <translation>新的管理密码</translation>
    </message>
    <message>
        <source>New code of service</source>
        <translation>新的维护密码</translation>
    </message>
    <message>
        <source>The code is being checked…</source>
        <translation>正在核对密码…</translation>
    </message>
    <message>
        <source>The same code again</source>
        <translation>请再次输入相同密码</translation>
    </message>
    <message>
        <source>The two codes differ. Type the new code again.</source>
        <translation>两次密码不一致。请重新输入新密码。</translation>
    </message>
    <message>
        <source>closes in {s} s</source>
        <translation>{s} 秒后关闭</translation>
    </message>
    <message>
        <source>{n} digits typed</source>
        <translation>已输入 {n} 位</translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message>
        <source>Divider between the raw and the enhanced picture</source>
        <translation>原始与增强图像之间的分隔线</translation>
    </message>
</context>
<context>
    <name>FaultPanel</name>
    <message>
        <source>Cough</source>
        <translation>咳嗽</translation>
    </message>
    <message>
        <source>IN FORCE</source>
        <translation>生效中</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Repair all</source>
        <translation>全部修复</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>{n} in force</source>
        <translation>{n} 个生效</translation>
    </message>
</context>
<context>
    <name>Feed</name>
    <message>
        <source>ENHANCED</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>RAW</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>RAW · enhanced view is off</source>
        <translation>原始 · 增强已关闭</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>无图像</translation>
    </message>
</context>
<context>
    <name>FlowChannel</name>
    <message>
        <source>FLOW · mean of 2 s</source>
        <translation>流量 · 2 秒平均</translation>
    </message>
    <message>
        <source>set</source>
        <translation>设定</translation>
    </message>
</context>
<context>
    <name>FolderPage</name>
    <message>
        <source>Drives that are plugged in are listed too.</source>
        <translation>已插入的存储设备也会列出。</translation>
    </message>
    <message>
        <source>Try the folder</source>
        <translation>测试文件夹</translation>
    </message>
    <message>
        <source>Where are recordings kept?</source>
        <translation>录像保存在哪里？</translation>
    </message>
</context>
<context>
    <name>FrameMonitor</name>
    <message>
        <source>All modules</source>
        <translation>全部模块</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>较新</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>较旧</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pause shows every byte of one frame.</source>
        <translation>暂停后可查看一帧的全部字节。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>GasColumn</name>
    <message>
        <source>GAS</source>
        <translation>气腹</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>清零</translation>
    </message>
    <message>
        <source>Reset gas used and time</source>
        <translation>用气量和时间清零</translation>
    </message>
    <message>
        <source>STOP</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>STOP ends it</source>
        <translation>按停止结束</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>用气</translation>
    </message>
    <message>
        <source>VENT</source>
        <translation>排气</translation>
    </message>
    <message>
        <source>VENTING</source>
        <translation>正在排气</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>立即</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>Guard</name>
    <message>
        <source>This key is called {name}; no action has it</source>
        <translation>此键名为 {name}；没有对应的操作</translation>
    </message>
</context>
<context>
    <name>InsufflatorPanel</name>
    <message>
        <source>START is off until the insufflator says what the gas is doing</source>
        <translation>气腹机状态未知之前不能充气</translation>
    </message>
    <message>
        <source>alarm</source>
        <translation>报警</translation>
    </message>
</context>
<context>
    <name>LayoutBar</name>
    <message>
        <source>Both</source>
        <translation>双画面</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Enhanced picture in full size</source>
        <translation>增强图像全屏</translation>
    </message>
    <message>
        <source>Inset</source>
        <translation>画中画</translation>
    </message>
    <message>
        <source>One picture large, the other small in it</source>
        <translation>一幅大图，另一幅小图嵌入</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>Raw and enhanced picture side by side</source>
        <translation>原始与增强图像并排</translation>
    </message>
    <message>
        <source>Raw left of a divider, enhanced right of it</source>
        <translation>分隔线左侧原始，右侧增强</translation>
    </message>
    <message>
        <source>Raw picture in full size</source>
        <translation>原始图像全屏</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>分屏</translation>
    </message>
</context>
<context>
    <name>LightPanel</name>
    <message>
        <source>Intensity %</source>
        <translation>亮度 %</translation>
    </message>
    <message>
        <source>LIGHT</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>ON</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>STANDBY</source>
        <translation>待机</translation>
    </message>
    <message>
        <source>hold 0.5 s</source>
        <translation>按住 0.5 秒</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>LockCard</name>
    <message>
        <source>CLEANING</source>
        <translation>清洁中</translation>
    </message>
    <message>
        <source>Clean screen</source>
        <translation>清洁屏幕</translation>
    </message>
    <message>
        <source>LOCKED</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Pictures frozen</source>
        <translation>图像已冻结</translation>
    </message>
    <message>
        <source>Recording {time}</source>
        <translation>录像中 {time}</translation>
    </message>
    <message>
        <source>STOP, ALL STOP, STANDBY and the keys of the alarms act as always.</source>
        <translation>停止、全部停止、待机和报警键始终有效。</translation>
    </message>
    <message>
        <source>Touches do nothing. STOP, ALL STOP and STANDBY act when held.</source>
        <translation>触摸无效。停止、全部停止和待机按住时有效。</translation>
    </message>
    <message>
        <source>UNLOCK</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>hold {s} s</source>
        <translation>按住 {s} 秒</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s} 秒</translation>
    </message>
</context>
<context>
    <name>LogPage</name>
    <message>
        <source>All lines</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>File: {file}</source>
        <translation>文件：{file}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>管路</translation>
    </message>
    <message>
        <source>Logs and bus statistics as one zip file. Where to?</source>
        <translation>将日志和总线统计打包为 zip 文件。保存到哪里？</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>较新</translation>
    </message>
    <message>
        <source>No log is written.</source>
        <translation>未写日志。</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>较旧</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在写入…</translation>
    </message>
    <message>
        <source>plugged in</source>
        <translation>已插入</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>ALL STOP</source>
        <translation>全部停止</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>ModeCard</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose a mode.</source>
        <translation>请选择模式。</translation>
    </message>
    <message>
        <source>closes unchanged in {s} s</source>
        <translation>{s} 秒后关闭，不作更改</translation>
    </message>
    <message>
        <source>{mode} is active already.</source>
        <translation>{mode}模式已生效。</translation>
    </message>
</context>
<context>
    <name>ModeKey</name>
    <message>
        <source>Mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>{mode} pending</source>
        <translation>{mode}待确认</translation>
    </message>
</context>
<context>
    <name>ModeOption</name>
    <message>
        <source>{mode} · now</source>
        <translation>{mode} · 当前</translation>
    </message>
</context>
<context>
    <name>ModulePage</name>
    <message>
        <source>Self-test</source>
        <translation>自检</translation>
    </message>
    <message>
        <source>Sensors are calibrated at the module, by its maker&apos;s instructions: the bus has no message for it. The camera&apos;s white balance is measured in the camera&apos;s settings.</source>
        <translation>传感器按厂家说明在模块上校准：总线没有此类命令。摄像头白平衡在摄像头设置中测定。</translation>
    </message>
    <message>
        <source>This program: {version}, protocol version {protocol}</source>
        <translation>本程序：{version}，协议版本 {protocol}</translation>
    </message>
</context>
<context>
    <name>PadQuestion</name>
    <message>
        <source>Change value</source>
        <translation>修改数值</translation>
    </message>
    <message>
        <source>Set {value}</source>
        <translation>设为 {value}</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>PictureCard</name>
    <message>
        <source>Brighter</source>
        <translation>更亮</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Darker</source>
        <translation>更暗</translation>
    </message>
    <message>
        <source>Farther</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Picture on the screen</source>
        <translation>屏幕图像</translation>
    </message>
    <message>
        <source>Recordings and snapshots stay as the camera sends them.</source>
        <translation>录像和照片保持摄像头原样。</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>清零</translation>
    </message>
    <message>
        <source>Second
screen</source>
        <translation>第二
屏幕</translation>
    </message>
    <message>
        <source>Show the pictures as they come</source>
        <translation>恢复原样显示</translation>
    </message>
    <message>
        <source>Turn 180°</source>
        <translation>旋转 180°</translation>
    </message>
    <message>
        <source>as it comes</source>
        <translation>原样</translation>
    </message>
    <message>
        <source>no monitor</source>
        <translation>无显示器</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
</context>
<context>
    <name>PlotCursor</name>
    <message>
        <source>Plots: touch for a cursor</source>
        <translation>曲线：触摸显示游标</translation>
    </message>
</context>
<context>
    <name>PlotPage</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>已定格</translation>
    </message>
    <message>
        <source>Held at {time}</source>
        <translation>定格于 {time}</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>定格</translation>
    </message>
    <message>
        <source>Live. Touch the plots to hold them and read values</source>
        <translation>实时。触摸曲线可定格并读数</translation>
    </message>
    <message>
        <source>abdomen</source>
        <translation>腹腔</translation>
    </message>
    <message>
        <source>alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>line</source>
        <translation>管路</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>set</source>
        <translation>设定</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} 至 {high}</translation>
    </message>
    <message>
        <source>{time} (−{before})</source>
        <translation>{time}（−{before}）</translation>
    </message>
</context>
<context>
    <name>PortPage</name>
    <message>
        <source>Ask the modules</source>
        <translation>询问模块</translation>
    </message>
    <message>
        <source>Choose the adapter&apos;s port, then ask who answers. Asking changes nothing in a module.</source>
        <translation>选择适配器的端口，然后询问哪些模块应答。询问不会改变模块的任何状态。</translation>
    </message>
    <message>
        <source>Simulated modules</source>
        <translation>模拟模块</translation>
    </message>
    <message>
        <source>Where are the modules connected?</source>
        <translation>模块连接在哪里？</translation>
    </message>
    <message>
        <source>nothing real is driven</source>
        <translation>不驱动任何真实设备</translation>
    </message>
</context>
<context>
    <name>PresetCard</name>
    <message>
        <source>Accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>All changes are active.</source>
        <translation>全部更改已生效。</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose one. What it changes is shown before anything is sent.</source>
        <translation>请选择。发送之前会显示将更改的内容。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Gas and light stay as they are: no preset starts them.</source>
        <translation>气体和光源保持现状：预设不会启动它们。</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Sent. Each change counts once the module reports it.</source>
        <translation>已发送。每项更改以模块回报为准。</translation>
    </message>
    <message>
        <source>There is no preset to choose.</source>
        <translation>没有可选的预设。</translation>
    </message>
    <message>
        <source>accept first</source>
        <translation>请先接受</translation>
    </message>
    <message>
        <source>closes unchanged in {s} s</source>
        <translation>{s} 秒后关闭，不作更改</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>PresetRow</name>
    <message>
        <source>STOP first</source>
        <translation>请先停止</translation>
    </message>
    <message>
        <source>active</source>
        <translation>已生效</translation>
    </message>
    <message>
        <source>asks again</source>
        <translation>再次询问</translation>
    </message>
    <message>
        <source>changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>未送达</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>set again</source>
        <translation>重新设定</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不变</translation>
    </message>
</context>
<context>
    <name>PressureChannel</name>
    <message>
        <source>ABDOMEN · estimate</source>
        <translation>腹腔压力 · 估算</translation>
    </message>
    <message>
        <source>ABDOMEN · not known</source>
        <translation>腹腔压力 · 未知</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>腹腔</translation>
    </message>
    <message>
        <source>LINE PRESSURE</source>
        <translation>管路压力</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>管路</translation>
    </message>
    <message>
        <source>no estimate of the abdomen&apos;s pressure</source>
        <translation>没有腹腔压力的估算值</translation>
    </message>
    <message>
        <source>relief valve open: the line reads too low</source>
        <translation>泄压阀打开：管路读数偏低</translation>
    </message>
    <message>
        <source>the line is {height} or more above P1</source>
        <translation>管路高于 P1 {height} 或以上</translation>
    </message>
</context>
<context>
    <name>ProblemsPage</name>
    <message>
        <source>The configuration cannot be used</source>
        <translation>配置无法使用</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>另有 {n} 项</translation>
    </message>
    <message>
        <source>{path} stays beside the new one as a copy that ends in .bak.</source>
        <translation>{path} 将以 .bak 结尾的副本保留在新文件旁。</translation>
    </message>
</context>
<context>
    <name>SavePage</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>It is written to {path}. “main.py setup” opens these pages again.</source>
        <translation>将写入 {path}。用“main.py setup”可再次打开这些页面。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>drawn picture</source>
        <translation>绘制的画面</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>simulated modules</source>
        <translation>模拟模块</translation>
    </message>
    <message>
        <source>tried, not well</source>
        <translation>已测试，不正常</translation>
    </message>
    <message>
        <source>tried, well</source>
        <translation>已测试，正常</translation>
    </message>
    <message>
        <source>{inch} inch</source>
        <translation>{inch} 英寸</translation>
    </message>
</context>
<context>
    <name>ScreenLock</name>
    <message>
        <source>The screen is locked: hold UNLOCK to use it</source>
        <translation>屏幕已锁定：按住解锁以使用</translation>
    </message>
    <message>
        <source>The time for cleaning is over; the screen is still locked</source>
        <translation>清洁时间已到；屏幕仍锁定</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
</context>
<context>
    <name>ScreenPage</name>
    <message>
        <source>Hold a bank card against the left edge and drag the right edge until it is as wide as the card.</source>
        <translation>将银行卡贴在左边缘，拖动右边缘，直到与卡片同宽。</translation>
    </message>
    <message>
        <source>How large is the screen?</source>
        <translation>屏幕有多大？</translation>
    </message>
    <message>
        <source>larger card</source>
        <translation>卡片更大</translation>
    </message>
    <message>
        <source>smaller card</source>
        <translation>卡片更小</translation>
    </message>
    <message>
        <source>{inch} inch</source>
        <translation>{inch} 英寸</translation>
    </message>
</context>
<context>
    <name>SecondCard</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation>增强</translation>
    </message>
    <message>
        <source>Monitor {name}. No patient data is shown.</source>
        <translation>显示器 {name}。不显示患者信息。</translation>
    </message>
    <message>
        <source>Next monitor</source>
        <translation>下一台显示器</translation>
    </message>
    <message>
        <source>Numbers on the picture</source>
        <translation>图像上显示数值</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>Second screen</source>
        <translation>第二屏幕</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>分屏</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>找到 {n} 台</translation>
    </message>
</context>
<context>
    <name>SecondScreen</name>
    <message>
        <source>The monitor {name} is gone: the second screen is closed.</source>
        <translation>显示器 {name} 已断开：第二屏幕已关闭。</translation>
    </message>
    <message>
        <source>There is no second monitor. Plug one in.</source>
        <translation>没有第二台显示器。请连接。</translation>
    </message>
</context>
<context>
    <name>SelfTestPage</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Self-test</source>
        <translation>自检</translation>
    </message>
    <message>
        <source>Start anyway</source>
        <translation>仍然开始</translation>
    </message>
    <message>
        <source>Start without gas</source>
        <translation>不充气开始</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>重新测试</translation>
    </message>
</context>
<context>
    <name>ServicePage</name>
    <message>
        <source>Bus</source>
        <translation>总线</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Modules</source>
        <translation>模块</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Simulation</source>
        <translation>模拟</translation>
    </message>
</context>
<context>
    <name>SetpointKey</name>
    <message>
        <source>Set</source>
        <translation>设定</translation>
    </message>
</context>
<context>
    <name>SetpointPad</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Type a value first.</source>
        <translation>请先输入数值。</translation>
    </message>
    <message>
        <source>asks again</source>
        <translation>再次询问</translation>
    </message>
    <message>
        <source>closes unchanged in {s} s</source>
        <translation>{s} 秒后关闭，不作更改</translation>
    </message>
    <message>
        <source>nothing can be sent now</source>
        <translation>现在不能发送</translation>
    </message>
    <message>
        <source>{value} is outside {range}</source>
        <translation>{value} 超出 {range}</translation>
    </message>
    <message>
        <source>{why}. What is typed is kept.</source>
        <translation>{why}。输入的数值保留。</translation>
    </message>
</context>
<context>
    <name>SetupWindow</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Leave unchanged</source>
        <translation>不更改并离开</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save and start</source>
        <translation>保存并启动</translation>
    </message>
    <message>
        <source>Set-up, {n} of {all}</source>
        <translation>设置，第 {n} 步，共 {all} 步</translation>
    </message>
    <message>
        <source>Waiting for the first picture</source>
        <translation>正在等待第一幅图像</translation>
    </message>
</context>
<context>
    <name>SideColumn</name>
    <message>
        <source>Flow {unit}</source>
        <translation>流量 {unit}</translation>
    </message>
    <message>
        <source>GAS</source>
        <translation>气腹</translation>
    </message>
    <message>
        <source>LIGHT</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>Light {unit}</source>
        <translation>光源 {unit}</translation>
    </message>
    <message>
        <source>Pressure {unit}</source>
        <translation>压力 {unit}</translation>
    </message>
    <message>
        <source>STANDBY</source>
        <translation>待机</translation>
    </message>
    <message>
        <source>STOP</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>立即</translation>
    </message>
    <message>
        <source>hold 0.5 s</source>
        <translation>按住 0.5 秒</translation>
    </message>
</context>
<context>
    <name>SimulationMark</name>
    <message>
        <source>SIMULATION</source>
        <translation>模拟</translation>
    </message>
</context>
<context>
    <name>SpanKeys</name>
    <message>
        <source>1 min</source>
        <translation>1 分</translation>
    </message>
    <message>
        <source>30 min</source>
        <translation>30 分</translation>
    </message>
    <message>
        <source>5 min</source>
        <translation>5 分</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>全程</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Language and display</source>
        <translation>语言与显示</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁屏</translation>
    </message>
    <message>
        <source>Lock the screen</source>
        <translation>锁定屏幕</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>维护</translation>
    </message>
</context>
<context>
    <name>SupplyKey</name>
    <message>
        <source>PAUSE</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>RESUME</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>START</source>
        <translation>充气</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>按住 1 秒</translation>
    </message>
    <message>
        <source>touch</source>
        <translation>轻触</translation>
    </message>
</context>
<context>
    <name>TeachingWindow</name>
    <message>
        <source>Limpid, second screen</source>
        <translation>Limpid 第二屏幕</translation>
    </message>
</context>
<context>
    <name>VideoView</name>
    <message>
        <source>FROZEN</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>NO NEW PICTURE FOR {age}</source>
        <translation>{age} 无新图像</translation>
    </message>
    <message>
        <source>SIMULATION</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>The source sent an empty picture</source>
        <translation>图像源发送了空图像</translation>
    </message>
    <message>
        <source>Waiting for the first picture</source>
        <translation>正在等待第一幅图像</translation>
    </message>
    <message>
        <source>only on the screen</source>
        <translation>仅在屏幕上</translation>
    </message>
</context>
<context>
    <name>phrases</name>
    <message>
        <source> · </source>
        <translation> · </translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>12 timeouts in a row</source>
        <translation>连续 12 次超时</translation>
    </message>
    <message>
        <source>14 timeouts</source>
        <translation>14 次超时</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>A code has {shortest} to {longest} digits and nothing else.</source>
        <translation>密码须为 {shortest} 至 {longest} 位数字。</translation>
    </message>
    <message>
        <source>A gas sensor reports what cannot be</source>
        <translation>气体传感器读数不可信</translation>
    </message>
    <message>
        <source>A gas valve does not obey</source>
        <translation>气阀不受控</translation>
    </message>
    <message>
        <source>A module is of another kind or version than expected</source>
        <translation>某模块的类型或版本不符</translation>
    </message>
    <message>
        <source>A snapshot was not saved</source>
        <translation>照片未保存</translation>
    </message>
    <message>
        <source>Adult</source>
        <translation>成人</translation>
    </message>
    <message>
        <source>Alarm log: {n} lines of {name} were damaged; the file was kept as {aside}</source>
        <translation>报警日志：{name} 中有 {n} 行损坏；原文件保存为 {aside}</translation>
    </message>
    <message>
        <source>Alarm sound on again</source>
        <translation>报警声已恢复</translation>
    </message>
    <message>
        <source>Alarm sound paused for {s} s; a new alarm is heard</source>
        <translation>报警声暂停 {s} 秒；新报警仍会鸣响</translation>
    </message>
    <message>
        <source>Alarms go on. Make space in the log&apos;s folder, or have its rights checked</source>
        <translation>报警继续有效。请清理日志文件夹空间，或检查其权限</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>All stop sent: gas off, light to standby</source>
        <translation>已发送全部停止：停气，光源待机</translation>
    </message>
    <message>
        <source>Ambient</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>An empty cylinder is not seen now: watch the cylinder&apos;s own gauge. Have the insufflator checked</source>
        <translation>现在无法发现气瓶用空：请观察气瓶压力表。请检修气腹机</translation>
    </message>
    <message>
        <source>At set pressure</source>
        <translation>已达设定压力</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Camera control does not answer</source>
        <translation>摄像头控制无应答</translation>
    </message>
    <message>
        <source>Camera head hot</source>
        <translation>摄像头过热</translation>
    </message>
    <message>
        <source>Camera kept from before: {values}</source>
        <translation>摄像头保留原设置：{values}</translation>
    </message>
    <message>
        <source>Camera&apos;s exposure control</source>
        <translation>摄像头曝光控制</translation>
    </message>
    <message>
        <source>Camera&apos;s exposure control not changed: {problem}</source>
        <translation>摄像头曝光控制未更改：{problem}</translation>
    </message>
    <message>
        <source>Camera: 3 of 4 requests unanswered. Check its cable.</source>
        <translation>摄像头：4 个请求中有 3 个无应答。检查其电缆。</translation>
    </message>
    <message>
        <source>Change the cylinder now</source>
        <translation>请立即更换气瓶</translation>
    </message>
    <message>
        <source>Check its cable. It closes its valves by itself.</source>
        <translation>检查其电缆。它会自行关闭阀门。</translation>
    </message>
    <message>
        <source>Check patient and modules. Times in recordings and log may be wrong; have the clock set</source>
        <translation>检查患者和各模块。录像和日志的时间可能有误；请校准时钟</translation>
    </message>
    <message>
        <source>Check the bus cable. Start insufflation again when the link is back</source>
        <translation>检查总线电缆。连接恢复后重新开始充气</translation>
    </message>
    <message>
        <source>Check the bus cable; switch the light on again when the link is back</source>
        <translation>检查总线电缆；连接恢复后重新打开光源</translation>
    </message>
    <message>
        <source>Check the bus cable; the picture itself goes on</source>
        <translation>检查总线电缆；图像不受影响</translation>
    </message>
    <message>
        <source>Check the camera head&apos;s plug</source>
        <translation>检查摄像头插头</translation>
    </message>
    <message>
        <source>Clear the fan&apos;s air inlet.</source>
        <translation>清理风扇进风口。</translation>
    </message>
    <message>
        <source>Close the cylinder and open a stopcock. Go on with another insufflator; have this one checked</source>
        <translation>关闭气瓶并打开穿刺器阀门。换用另一台气腹机；本机请检修</translation>
    </message>
    <message>
        <source>Connect the tube to the trocar. If it is on, have the relief valve checked</source>
        <translation>将气腹管接到穿刺器。如已接好，请检修泄压阀</translation>
    </message>
    <message>
        <source>Cylinder</source>
        <translation>气瓶</translation>
    </message>
    <message>
        <source>Demonstration: light switched on and gas started by the program</source>
        <translation>演示：程序已打开光源并开始充气</translation>
    </message>
    <message>
        <source>Dim the light; have the fan and its speed sensor checked</source>
        <translation>调暗光源；请检修风扇及其转速传感器</translation>
    </message>
    <message>
        <source>Dimmed: too hot</source>
        <translation>已调暗：过热</translation>
    </message>
    <message>
        <source>Does not say who it is: {why}</source>
        <translation>未表明身份：{why}</translation>
    </message>
    <message>
        <source>Each module makes itself safe. Finish by other means; restart the program; keep the log</source>
        <translation>各模块会自行进入安全状态。请用其他手段完成手术；重新启动程序；保留日志</translation>
    </message>
    <message>
        <source>Enhanced view is late</source>
        <translation>增强图像延迟</translation>
    </message>
    <message>
        <source>Enhanced view: {fault}</source>
        <translation>增强图像：{fault}</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>曝光</translation>
    </message>
    <message>
        <source>Fan</source>
        <translation>风扇</translation>
    </message>
    <message>
        <source>Fault in the control unit&apos;s program</source>
        <translation>控制单元程序故障</translation>
    </message>
    <message>
        <source>Faulty: {sensors}</source>
        <translation>故障：{sensors}</translation>
    </message>
    <message>
        <source>Flow</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Gas cannot flow</source>
        <translation>气体不能流动</translation>
    </message>
    <message>
        <source>Gas cylinder empty</source>
        <translation>气瓶已空</translation>
    </message>
    <message>
        <source>Gas cylinder low</source>
        <translation>气瓶余量低</translation>
    </message>
    <message>
        <source>Gas cylinder low: 12 bar</source>
        <translation>气瓶余量低：12 bar</translation>
    </message>
    <message>
        <source>Gas does not start yet: the self-test of the gas side is not finished.</source>
        <translation>暂不能充气：气路自检尚未完成。</translation>
    </message>
    <message>
        <source>Gas does not start: the self-test failed ({checks}). Put it right and test again.</source>
        <translation>不能充气：自检失败（{checks}）。请排除后重新测试。</translation>
    </message>
    <message>
        <source>Gas flows away: tube off, or relief valve open</source>
        <translation>气体外泄：气腹管脱落或泄压阀打开</translation>
    </message>
    <message>
        <source>Gas is let out until the pressure is below the setpoint. Find what raised it</source>
        <translation>正在放气，直至压力低于设定值。请查找压力升高的原因</translation>
    </message>
    <message>
        <source>Gas line blocked</source>
        <translation>气路堵塞</translation>
    </message>
    <message>
        <source>Gas not paused: it is not running</source>
        <translation>未暂停：没有在供气</translation>
    </message>
    <message>
        <source>Gas not started: {problem}</source>
        <translation>未开始供气：{problem}</translation>
    </message>
    <message>
        <source>Gas off, light in standby: confirmed</source>
        <translation>已停气，光源待机：已确认</translation>
    </message>
    <message>
        <source>Gas supply</source>
        <translation>供气</translation>
    </message>
    <message>
        <source>Gas used</source>
        <translation>用气量</translation>
    </message>
    <message>
        <source>Gas used not reset: {problem}</source>
        <translation>用气量未清零：{problem}</translation>
    </message>
    <message>
        <source>Gas used: counting from zero</source>
        <translation>用气量：从零开始计</translation>
    </message>
    <message>
        <source>Gas was running: taken over ({values})</source>
        <translation>原在供气：已接管（{values}）</translation>
    </message>
    <message>
        <source>Gas was stopped. See that it is off and the light serves; restart the program when you can</source>
        <translation>已停气。请确认已停气、光源可用；方便时重新启动程序</translation>
    </message>
    <message>
        <source>Gives no status: {why}</source>
        <translation>不报告状态：{why}</translation>
    </message>
    <message>
        <source>Has restarted: gas off, mode and set values as at power-on</source>
        <translation>已重新启动：停气，模式和设定值为开机值</translation>
    </message>
    <message>
        <source>Has restarted: standby, intensity as at power-on</source>
        <translation>已重新启动：待机，亮度为开机值</translation>
    </message>
    <message>
        <source>Have a full cylinder ready</source>
        <translation>请备好满气瓶</translation>
    </message>
    <message>
        <source>Held to 30 %, or 5 % without a temperature. Use a spare light source; have this one checked</source>
        <translation>限制为 30 %，无温度读数时为 5 %。换用备用光源；本机请检修</translation>
    </message>
    <message>
        <source>High flow</source>
        <translation>高流量</translation>
    </message>
    <message>
        <source>Insufflator</source>
        <translation>气腹机</translation>
    </message>
    <message>
        <source>Insufflator does not answer</source>
        <translation>气腹机无应答</translation>
    </message>
    <message>
        <source>Insufflator kept from before: {values}; {litres} l used in {minutes} min</source>
        <translation>气腹机保留原设置：{values}；{minutes} 分钟内用气 {litres} l</translation>
    </message>
    <message>
        <source>It closes its valves by itself. Check its bus cable and power</source>
        <translation>它会自行关闭阀门。检查其总线电缆和电源</translation>
    </message>
    <message>
        <source>It dims itself when it gets hotter. Clear the air inlets; keep the cable&apos;s tip off the drapes</source>
        <translation>温度再升高会自动调暗。清理进风口；光缆端部勿接触手术单</translation>
    </message>
    <message>
        <source>It goes off if it gets hotter. Clear the air inlets; have a spare light source ready</source>
        <translation>温度再升高会熄灭。清理进风口；备好备用光源</translation>
    </message>
    <message>
        <source>It goes to standby by itself. Check its bus cable and power</source>
        <translation>它会自行转为待机。检查其总线电缆和电源</translation>
    </message>
    <message>
        <source>It is kept off. Read what is said beside its name; connect the right one, or have it updated</source>
        <translation>该模块保持停用。请看其名称旁的说明；连接正确的模块，或更新其软件</translation>
    </message>
    <message>
        <source>It is started again by itself; if not, restart the program</source>
        <translation>会自动重新启动；否则请重新启动程序</translation>
    </message>
    <message>
        <source>Judge by the raw picture.</source>
        <translation>请以原始图像为准。</translation>
    </message>
    <message>
        <source>LED current</source>
        <translation>LED 电流</translation>
    </message>
    <message>
        <source>LED fault: too little current, or none</source>
        <translation>LED 故障：电流过小或没有电流</translation>
    </message>
    <message>
        <source>Let it cool down; keep it off the patient</source>
        <translation>待其冷却；勿接触患者</translation>
    </message>
    <message>
        <source>Let it cool down; use a spare light source</source>
        <translation>待其冷却；换用备用光源</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>Light dimmed: a sensor of the light source has failed</source>
        <translation>光源已调暗：其传感器故障</translation>
    </message>
    <message>
        <source>Light dimmed: the light source is too hot</source>
        <translation>光源已调暗：光源过热</translation>
    </message>
    <message>
        <source>Light intensity</source>
        <translation>光源亮度</translation>
    </message>
    <message>
        <source>Light is warm: 72 °C</source>
        <translation>光源偏热：72 °C</translation>
    </message>
    <message>
        <source>Light kept from before: {values}</source>
        <translation>光源保留原设置：{values}</translation>
    </message>
    <message>
        <source>Light not switched on: {problem}</source>
        <translation>光源未打开：{problem}</translation>
    </message>
    <message>
        <source>Light source does not answer</source>
        <translation>光源无应答</translation>
    </message>
    <message>
        <source>Light source hot</source>
        <translation>光源温度高</translation>
    </message>
    <message>
        <source>Light source switched itself off: too hot</source>
        <translation>光源已自动熄灭：过热</translation>
    </message>
    <message>
        <source>Light temperature</source>
        <translation>光源温度</translation>
    </message>
    <message>
        <source>Light was on: taken over ({values})</source>
        <translation>光源原已打开：已接管（{values}）</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>Little space left for recordings</source>
        <translation>录像空间不足</translation>
    </message>
    <message>
        <source>Look for a leak: trocar seals, stopcocks, tubing; or set a higher flow</source>
        <translation>查找漏气：穿刺器密封、阀门、管路；或调高流量</translation>
    </message>
    <message>
        <source>Look for the leak: trocar seals, stopcocks, tubing, suction. Watch the gas used</source>
        <translation>查找漏气：穿刺器密封、阀门、管路、吸引器。注意用气量</translation>
    </message>
    <message>
        <source>Looking for the modules on /dev/ttyUSB0</source>
        <translation>正在 /dev/ttyUSB0 上查找模块</translation>
    </message>
    <message>
        <source>Make space in the recording folder, or have its rights checked; take the snapshot again</source>
        <translation>清理录像文件夹空间，或检查其权限；然后重新拍照</translation>
    </message>
    <message>
        <source>Making the patient safe: gas off, light to standby</source>
        <translation>正在确保患者安全：停气，光源待机</translation>
    </message>
    <message>
        <source>Mode not changed: {problem}</source>
        <translation>模式未更改：{problem}</translation>
    </message>
    <message>
        <source>Mode {mode}</source>
        <translation>模式 {mode}</translation>
    </message>
    <message>
        <source>Much gas is lost</source>
        <translation>漏气量大</translation>
    </message>
    <message>
        <source>Needle may be misplaced</source>
        <translation>气腹针可能错位</translation>
    </message>
    <message>
        <source>No alarm sounds: there is nothing to pause</source>
        <translation>没有报警声，无需消音</translation>
    </message>
    <message>
        <source>No code is set. On this machine: main.py access set-code {role}</source>
        <translation>尚未设置密码。请在本机运行：main.py access set-code {role}</translation>
    </message>
    <message>
        <source>No loudspeaker: alarms are not heard</source>
        <translation>没有扬声器：听不到报警声</translation>
    </message>
    <message>
        <source>No module can be driven; each makes itself safe. Plug the adapter in; it is opened by itself</source>
        <translation>无法控制任何模块；各模块会自行进入安全状态。插好适配器；端口会自动打开</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>无图像</translation>
    </message>
    <message>
        <source>No picture from the camera</source>
        <translation>摄像头无图像</translation>
    </message>
    <message>
        <source>No picture to save yet</source>
        <translation>尚无图像可保存</translation>
    </message>
    <message>
        <source>No reading</source>
        <translation>无读数</translation>
    </message>
    <message>
        <source>No video from the camera head</source>
        <translation>摄像头无视频信号</translation>
    </message>
    <message>
        <source>Not confirmed: {missing}</source>
        <translation>未确认：{missing}</translation>
    </message>
    <message>
        <source>Not done: the bus is not running</source>
        <translation>未执行：总线未运行</translation>
    </message>
    <message>
        <source>Not done: the tower is being made safe; try again when that has ended</source>
        <translation>未执行：正在进入安全状态；结束后请重试</translation>
    </message>
    <message>
        <source>Not vented: {problem}</source>
        <translation>未排气：{problem}</translation>
    </message>
    <message>
        <source>Off: too hot</source>
        <translation>已熄灭：过热</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Only the administration changes codes.</source>
        <translation>只有管理角色可更改密码。</translation>
    </message>
    <message>
        <source>Open the stopcock; look for a kinked tube or a trocar tip that is covered</source>
        <translation>打开阀门；检查管路是否打折、穿刺器前端是否被覆盖</translation>
    </message>
    <message>
        <source>Open the trocar&apos;s tap.</source>
        <translation>打开穿刺器阀门。</translation>
    </message>
    <message>
        <source>Paediatric</source>
        <translation>儿童</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Phantom</source>
        <translation>仿真图像</translation>
    </message>
    <message>
        <source>Preset: all changes are active</source>
        <translation>预设：全部更改已生效</translation>
    </message>
    <message>
        <source>Preset: {failed} of {all} changes not made; the others are active</source>
        <translation>预设：{all} 项更改中有 {failed} 项未完成；其余已生效</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>压力</translation>
    </message>
    <message>
        <source>Pressure too high</source>
        <translation>压力过高</translation>
    </message>
    <message>
        <source>Pressure too high: 24.6 mmHg</source>
        <translation>压力过高：24.6 mmHg</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>正在录像</translation>
    </message>
    <message>
        <source>Recording failed</source>
        <translation>录像失败</translation>
    </message>
    <message>
        <source>Recording saved: {summary}</source>
        <translation>录像已保存：{summary}</translation>
    </message>
    <message>
        <source>Relief open</source>
        <translation>泄压阀打开</translation>
    </message>
    <message>
        <source>Relief valve open</source>
        <translation>泄压阀打开</translation>
    </message>
    <message>
        <source>Saved {snapshot}</source>
        <translation>已保存 {snapshot}</translation>
    </message>
    <message>
        <source>See why: the module&apos;s power and cable. Check mode and set values, then hold START to go on</source>
        <translation>查找原因：模块电源和电缆。核对模式和设定值，然后按住充气继续</translation>
    </message>
    <message>
        <source>See why: the module&apos;s power and cable. Check the intensity, then switch the light on again</source>
        <translation>查找原因：模块电源和电缆。核对亮度，然后重新打开光源</translation>
    </message>
    <message>
        <source>Set flow</source>
        <translation>设定流量</translation>
    </message>
    <message>
        <source>Set flow: refused by the insufflator</source>
        <translation>设定流量：被气腹机拒绝</translation>
    </message>
    <message>
        <source>Set pressure</source>
        <translation>设定压力</translation>
    </message>
    <message>
        <source>Set pressure is not reached</source>
        <translation>未达到设定压力</translation>
    </message>
    <message>
        <source>Shown as chosen, but not kept for the next start: cannot write {path}: {why}</source>
        <translation>已按所选显示，但未能保存到下次启动：无法写入 {path}：{why}</translation>
    </message>
    <message>
        <source>Snapshot not saved: {why}</source>
        <translation>照片未保存：{why}</translation>
    </message>
    <message>
        <source>Snapshot saved: 08-31-07</source>
        <translation>照片已保存：08-31-07</translation>
    </message>
    <message>
        <source>Standby</source>
        <translation>待机</translation>
    </message>
    <message>
        <source>Stop leaning on the abdomen. Open a trocar valve if it stays high.</source>
        <translation>勿压迫腹部。如仍过高，请打开穿刺器阀门。</translation>
    </message>
    <message>
        <source>Stop moving instruments. Check the camera&apos;s cable; the picture comes back by itself</source>
        <translation>停止移动器械。检查摄像头电缆；图像会自动恢复</translation>
    </message>
    <message>
        <source>Stop recording or switch the enhanced view off; end other programs on this machine</source>
        <translation>停止录像或关闭增强图像；结束本机上的其他程序</translation>
    </message>
    <message>
        <source>Stop recording, or make space in the recording folder</source>
        <translation>停止录像，或清理录像文件夹空间</translation>
    </message>
    <message>
        <source>Stop the gas. Check where the needle&apos;s tip lies before filling on</source>
        <translation>停止充气。确认针尖位置后再继续充气</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Supply is closed. Look for a kinked tube or closed tap, then for what presses on the abdomen</source>
        <translation>供气已关闭。检查管路打折或阀门关闭，再检查是否有外力压迫腹部</translation>
    </message>
    <message>
        <source>Supply valves are closed. Check the tubing; if it stays, have the insufflator checked</source>
        <translation>供气阀已关闭。检查管路；如仍存在，请检修气腹机</translation>
    </message>
    <message>
        <source>Supply valves are closed. Do not go on with this insufflator; have it checked</source>
        <translation>供气阀已关闭。请勿继续使用本气腹机；请检修</translation>
    </message>
    <message>
        <source>Supplying</source>
        <translation>正在供气</translation>
    </message>
    <message>
        <source>The alarm log cannot be written</source>
        <translation>无法写入报警日志</translation>
    </message>
    <message>
        <source>The alarm sound does not work</source>
        <translation>报警声不工作</translation>
    </message>
    <message>
        <source>The bus port is gone</source>
        <translation>总线端口丢失</translation>
    </message>
    <message>
        <source>The camera head reports no signal</source>
        <translation>摄像头报告无信号</translation>
    </message>
    <message>
        <source>The camera heard no control unit</source>
        <translation>摄像头未收到控制单元信号</translation>
    </message>
    <message>
        <source>The code of {role} is changed.</source>
        <translation>{role}密码已更改。</translation>
    </message>
    <message>
        <source>The computer&apos;s clock jumped, or it slept</source>
        <translation>计算机时钟跳变或曾休眠</translation>
    </message>
    <message>
        <source>The control cycle runs late</source>
        <translation>控制周期延迟</translation>
    </message>
    <message>
        <source>The control cycle stands still</source>
        <translation>控制周期停止</translation>
    </message>
    <message>
        <source>The cylinder&apos;s pressure sensor has failed</source>
        <translation>气瓶压力传感器故障</translation>
    </message>
    <message>
        <source>The enhanced view cannot work: its weights are bad</source>
        <translation>增强图像无法工作：权重损坏</translation>
    </message>
    <message>
        <source>The enhanced view does not start: {why}</source>
        <translation>增强视图无法启动：{why}</translation>
    </message>
    <message>
        <source>The enhanced view shows the raw picture</source>
        <translation>增强图像显示的是原始图像</translation>
    </message>
    <message>
        <source>The film has ended</source>
        <translation>影片已结束</translation>
    </message>
    <message>
        <source>The gas supply ended by itself</source>
        <translation>供气自行终止</translation>
    </message>
    <message>
        <source>The insufflator lost the control unit and closed its valves</source>
        <translation>气腹机与控制单元失去联系，已关闭阀门</translation>
    </message>
    <message>
        <source>The insufflator&apos;s own pressure limit has acted</source>
        <translation>气腹机自身的压力限制已动作</translation>
    </message>
    <message>
        <source>The last choice of language and display cannot be read from {path}: shown as configured</source>
        <translation>无法从 {path} 读取上次选择的语言与显示：按配置显示</translation>
    </message>
    <message>
        <source>The light is weak or out. Use a spare light source; have this one checked</source>
        <translation>光弱或无光。换用备用光源；本机请检修</translation>
    </message>
    <message>
        <source>The light lost the control unit and went to standby</source>
        <translation>光源与控制单元失去联系，已转为待机</translation>
    </message>
    <message>
        <source>The light source&apos;s fan does not turn as it should</source>
        <translation>光源风扇转动异常</translation>
    </message>
    <message>
        <source>The light went to standby by itself</source>
        <translation>光源自行转为待机</translation>
    </message>
    <message>
        <source>The module itself has changed the {what} to {value}</source>
        <translation>模块自行将{what}改为{value}</translation>
    </message>
    <message>
        <source>The module itself has switched the {what} off</source>
        <translation>模块自行关闭了{what}</translation>
    </message>
    <message>
        <source>The picture goes on. Check the camera&apos;s bus cable and power</source>
        <translation>图像不受影响。检查摄像头的总线电缆和电源</translation>
    </message>
    <message>
        <source>The picture stands still</source>
        <translation>图像静止</translation>
    </message>
    <message>
        <source>The simulator has stopped</source>
        <translation>模拟器已停止</translation>
    </message>
    <message>
        <source>The two pressure sensors disagree</source>
        <translation>两个压力传感器读数不一致</translation>
    </message>
    <message>
        <source>The video source failed ({why}); it is opened again</source>
        <translation>视频源故障（{why}）；正在重新打开</translation>
    </message>
    <message>
        <source>The {what} was not confirmed as {wanted}; check the module and try again</source>
        <translation>{what}未确认为{wanted}；请检查模块后重试</translation>
    </message>
    <message>
        <source>The {what} was not confirmed off; check the module and try again</source>
        <translation>{what}关闭未得到确认；请检查模块后重试</translation>
    </message>
    <message>
        <source>The {what} was not confirmed on; check the module and try again</source>
        <translation>{what}打开未得到确认；请检查模块后重试</translation>
    </message>
    <message>
        <source>This code is guessed first. Take one without a row or a single digit.</source>
        <translation>此密码太容易猜到。请勿用连续或相同数字。</translation>
    </message>
    <message>
        <source>This needs the service code.</source>
        <translation>此操作需要维护密码。</translation>
    </message>
    <message>
        <source>Too many wrong codes. Wait {time}.</source>
        <translation>密码错误次数过多。请等待 {time}。</translation>
    </message>
    <message>
        <source>Treat it as serious; report it</source>
        <translation>请按严重情况处理；并报告</translation>
    </message>
    <message>
        <source>Unknown condition: {name}</source>
        <translation>未知情况：{name}</translation>
    </message>
    <message>
        <source>Valves held closed</source>
        <translation>阀门保持关闭</translation>
    </message>
    <message>
        <source>Vent the abdomen; check the patient before starting again</source>
        <translation>排出腹腔气体；检查患者后再开始</translation>
    </message>
    <message>
        <source>Venting</source>
        <translation>正在排气</translation>
    </message>
    <message>
        <source>Venting has ended: the abdomen is empty</source>
        <translation>排气结束：腹腔已排空</translation>
    </message>
    <message>
        <source>Venting has ended: the insufflator no longer answers</source>
        <translation>排气结束：气腹机不再应答</translation>
    </message>
    <message>
        <source>Veress</source>
        <translation>气腹针</translation>
    </message>
    <message>
        <source>Watch the alarm bar. Connect a loudspeaker, or have the sound of this computer set up</source>
        <translation>请注意报警栏。连接扬声器，或设置本机声音</translation>
    </message>
    <message>
        <source>Watch the alarm bar: alarms are not heard. It is started again by itself; if not, have it checked</source>
        <translation>请注意报警栏：听不到报警声。会自动重新启动；否则请检修</translation>
    </message>
    <message>
        <source>What is shown is not live. Stop moving instruments; check the camera</source>
        <translation>所示图像不是实时的。停止移动器械；检查摄像头</translation>
    </message>
    <message>
        <source>What was written until then is kept. Read the message; start recording again</source>
        <translation>此前的录像已保留。请阅读提示；重新开始录像</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>白平衡</translation>
    </message>
    <message>
        <source>White balance measured: {kelvin} K</source>
        <translation>白平衡已测定：{kelvin} K</translation>
    </message>
    <message>
        <source>White balance not measured: {problem}</source>
        <translation>白平衡未测定：{problem}</translation>
    </message>
    <message>
        <source>Work by the raw picture. Install the program again to repair the weights</source>
        <translation>请看原始图像操作。重新安装程序以修复权重</translation>
    </message>
    <message>
        <source>Work by the raw picture. It comes back by itself; if not, end other programs, or restart this one</source>
        <translation>请看原始图像操作。会自动恢复；否则结束其他程序，或重新启动本程序</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>已写入：{path}</translation>
    </message>
    <message>
        <source>Wrong code. Wait {time} before the next try.</source>
        <translation>密码错误。请等待 {time} 后再试。</translation>
    </message>
    <message>
        <source>Wrong code. {n} tries left.</source>
        <translation>密码错误。还可尝试 {n} 次。</translation>
    </message>
    <message>
        <source>Wrong code. {n} try left.</source>
        <translation>密码错误。还可尝试 {n} 次。</translation>
    </message>
    <message>
        <source>a module answers under another&apos;s address: check that no two modules have the same address</source>
        <translation>有模块以他人地址应答：检查是否有两个模块地址相同</translation>
    </message>
    <message>
        <source>abdominal wall</source>
        <translation>腹壁</translation>
    </message>
    <message>
        <source>acknowledged, but no status has confirmed it; apply it again</source>
        <translation>已应答，但没有状态确认；请重新应用</translation>
    </message>
    <message>
        <source>acknowledged, but the module still reports {reported}; apply it again</source>
        <translation>已应答，但模块仍报告 {reported}；请重新应用</translation>
    </message>
    <message>
        <source>administration</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>another mode has been chosen meanwhile</source>
        <translation>其间已选择其他模式</translation>
    </message>
    <message>
        <source>another value has been set meanwhile</source>
        <translation>其间已设定其他值</translation>
    </message>
    <message>
        <source>appendix cecum</source>
        <translation>阑尾盲肠</translation>
    </message>
    <message>
        <source>as set</source>
        <translation>按设定</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>bowel</source>
        <translation>肠管</translation>
    </message>
    <message>
        <source>bytes arrive but no valid frame: check the baud rate (115200, 8N1) and the wiring (A and B swapped?)</source>
        <translation>收到字节但无有效帧：检查波特率（115200，8N1）和接线（A、B 是否接反）</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>camera {path} is not there (cameras present: {present}); plug it in or name another</source>
        <translation>找不到摄像头 {path}（现有：{present}）；请连接或指定其他摄像头</translation>
    </message>
    <message>
        <source>camera {path} may not be used by this user; add the user to the group &apos;video&apos;</source>
        <translation>当前用户无权使用摄像头 {path}；请将用户加入 &apos;video&apos; 组</translation>
    </message>
    <message>
        <source>camera&apos;s exposure control</source>
        <translation>摄像头曝光控制</translation>
    </message>
    <message>
        <source>changed by the module itself from {before} to {after}</source>
        <translation>模块自行由 {before} 改为 {after}</translation>
    </message>
    <message>
        <source>cylinder pressure is too low for it</source>
        <translation>气瓶压力不足</translation>
    </message>
    <message>
        <source>deblurring is off</source>
        <translation>去模糊已关闭</translation>
    </message>
    <message>
        <source>deblurring would be late: even at half size it takes {takes} ms, {allowed} ms are allowed</source>
        <translation>去模糊会延迟：即使半尺寸也需 {takes} ms，允许 {allowed} ms</translation>
    </message>
    <message>
        <source>deblurring would be late: this frame was held up</source>
        <translation>去模糊会延迟：该帧被耽搁</translation>
    </message>
    <message>
        <source>enhanced view off</source>
        <translation>增强已关闭</translation>
    </message>
    <message>
        <source>enhancement failed</source>
        <translation>增强失败</translation>
    </message>
    <message>
        <source>expected a number from {allowed}, got {got}</source>
        <translation>应为 {allowed} 之间的数值，收到 {got}</translation>
    </message>
    <message>
        <source>exposure or gain has been set by hand meanwhile</source>
        <translation>其间已手动设定曝光或增益</translation>
    </message>
    <message>
        <source>gallbladder</source>
        <translation>胆囊</translation>
    </message>
    <message>
        <source>gas supply</source>
        <translation>供气</translation>
    </message>
    <message>
        <source>insufflator</source>
        <translation>气腹机</translation>
    </message>
    <message>
        <source>it did not answer, and was ended</source>
        <translation>无响应，已被终止</translation>
    </message>
    <message>
        <source>its process ended with code {code}</source>
        <translation>其进程已结束，代码 {code}</translation>
    </message>
    <message>
        <source>larynx</source>
        <translation>喉</translation>
    </message>
    <message>
        <source>light</source>
        <translation>光源</translation>
    </message>
    <message>
        <source>limit</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>liver</source>
        <translation>肝</translation>
    </message>
    <message>
        <source>many frames arrive damaged: check the line&apos;s termination and shield, and what runs beside it</source>
        <translation>许多帧损坏：检查总线的终端电阻、屏蔽以及旁边的电缆</translation>
    </message>
    <message>
        <source>mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>no answer from the light source after 3 tries</source>
        <translation>光源 3 次无应答</translation>
    </message>
    <message>
        <source>no answer within {s} s; apply it again</source>
        <translation>{s} 秒内无应答；请重新应用</translation>
    </message>
    <message>
        <source>no right to write {path}: give this user the right, or set another [recording] directory</source>
        <translation>无权写入 {path}：请授予当前用户权限，或设置其他 [recording] directory</translation>
    </message>
    <message>
        <source>no space left for {path}: delete or move old recordings, then try again</source>
        <translation>{path} 没有剩余空间：删除或移走旧录像后重试</translation>
    </message>
    <message>
        <source>no usable weights</source>
        <translation>无可用权重</translation>
    </message>
    <message>
        <source>not sent, because the mode has changed again</source>
        <translation>未发送，因为模式又已改变</translation>
    </message>
    <message>
        <source>not sent, because the mode was not entered</source>
        <translation>未发送，因为未进入该模式</translation>
    </message>
    <message>
        <source>nothing answers on the line: check the modules&apos; power, the cable, and that this is the right port</source>
        <translation>总线无应答：检查各模块电源、电缆以及端口是否正确</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>omentum</source>
        <translation>大网膜</translation>
    </message>
    <message>
        <source>only our own echo comes back: the adapter works, no module answers; check the modules&apos; power and the cable</source>
        <translation>只收到自己的回波：适配器正常，没有模块应答；检查各模块电源和电缆</translation>
    </message>
    <message>
        <source>out of body</source>
        <translation>体外</translation>
    </message>
    <message>
        <source>outside the module&apos;s own range</source>
        <translation>超出模块自身范围</translation>
    </message>
    <message>
        <source>overtaken by the all-stop</source>
        <translation>已被全部停止取代</translation>
    </message>
    <message>
        <source>patient.leak_l_min must be 0 to 30 l/min, got 31</source>
        <translation>漏气须为 0 至 30 l/min，收到 31</translation>
    </message>
    <message>
        <source>pelvis uterus</source>
        <translation>盆腔子宫</translation>
    </message>
    <message>
        <source>service</source>
        <translation>维护</translation>
    </message>
    <message>
        <source>set flow</source>
        <translation>设定流量</translation>
    </message>
    <message>
        <source>set pressure</source>
        <translation>设定压力</translation>
    </message>
    <message>
        <source>the bus is not running</source>
        <translation>总线未运行</translation>
    </message>
    <message>
        <source>the camera head does not answer</source>
        <translation>摄像头无应答</translation>
    </message>
    <message>
        <source>the camera head is too warm</source>
        <translation>摄像头过热</translation>
    </message>
    <message>
        <source>the control cycle does not answer</source>
        <translation>控制周期无应答</translation>
    </message>
    <message>
        <source>the control cycle stands still</source>
        <translation>控制周期停止</translation>
    </message>
    <message>
        <source>the deblurred picture stands still while the grabbed one goes on</source>
        <translation>去模糊结果静止而采集图像仍在变化</translation>
    </message>
    <message>
        <source>the deblurred picture strayed from the grabbed one</source>
        <translation>去模糊结果偏离采集图像</translation>
    </message>
    <message>
        <source>the deblurred picture was not finite; check the weights with `evaluate`</source>
        <translation>去模糊结果无效；请用 `evaluate` 检查权重</translation>
    </message>
    <message>
        <source>the enhanced view does not answer</source>
        <translation>增强图像无应答</translation>
    </message>
    <message>
        <source>the enhanced view is starting</source>
        <translation>增强图像正在启动</translation>
    </message>
    <message>
        <source>the enhanced view is starting again</source>
        <translation>增强视图正在重新启动</translation>
    </message>
    <message>
        <source>the insufflator does not answer</source>
        <translation>气腹机无应答</translation>
    </message>
    <message>
        <source>the insufflator has not closed its valves</source>
        <translation>气腹机尚未关闭阀门</translation>
    </message>
    <message>
        <source>the light is not in standby</source>
        <translation>光源未处于待机</translation>
    </message>
    <message>
        <source>the light source does not answer</source>
        <translation>光源无应答</translation>
    </message>
    <message>
        <source>the mode is being changed; wait until the module has entered it</source>
        <translation>正在切换模式；请等待模块完成</translation>
    </message>
    <message>
        <source>the module applied {applied} instead</source>
        <translation>模块实际采用 {applied}</translation>
    </message>
    <message>
        <source>the module at address {address} is a {kind}: connect the right one</source>
        <translation>地址 {address} 处的模块是{kind}：请连接正确的模块</translation>
    </message>
    <message>
        <source>the module could not read the command; its software may be older</source>
        <translation>模块无法读取该命令；其软件可能较旧</translation>
    </message>
    <message>
        <source>the module does not answer</source>
        <translation>模块无应答</translation>
    </message>
    <message>
        <source>the module does not know this command; its software may be older</source>
        <translation>模块不认识该命令；其软件可能较旧</translation>
    </message>
    <message>
        <source>the module does not speak this program&apos;s protocol version {version}; update the older one</source>
        <translation>模块不支持本程序的协议版本 {version}；请更新较旧的一方</translation>
    </message>
    <message>
        <source>the module has a fault; see its alarm</source>
        <translation>模块有故障；请看其报警</translation>
    </message>
    <message>
        <source>the module&apos;s interlock forbids it now; clear its alarm first</source>
        <translation>模块联锁当前禁止此操作；请先排除其报警</translation>
    </message>
    <message>
        <source>the picture is interlaced</source>
        <translation>图像为隔行扫描</translation>
    </message>
    <message>
        <source>the picture is striped: corrupt</source>
        <translation>图像有条纹：已损坏</translation>
    </message>
    <message>
        <source>the picture&apos;s colour is corrupt</source>
        <translation>图像颜色损坏</translation>
    </message>
    <message>
        <source>the sharpness judgement was not finite</source>
        <translation>清晰度判断结果无效</translation>
    </message>
    <message>
        <source>the {kind} speaks protocol version {theirs}, this program version {ours}: update the older one</source>
        <translation>{kind}的协议版本为 {theirs}，本程序为 {ours}：请更新较旧的一方</translation>
    </message>
    <message>
        <source>trocar</source>
        <translation>穿刺器</translation>
    </message>
    <message>
        <source>uterus</source>
        <translation>子宫</translation>
    </message>
    <message>
        <source>waits for the mode</source>
        <translation>等待模式切换</translation>
    </message>
    <message>
        <source>{camera} gave no picture for {s} s; check its signal</source>
        <translation>{camera} 已 {s} 秒没有图像；检查其信号</translation>
    </message>
    <message>
        <source>{file} is left out: {problem}</source>
        <translation>{file} 未采用：{problem}</translation>
    </message>
    <message>
        <source>{label} is unknown ({allowed} allowed here); wait until the module reports it, or set it</source>
        <translation>{label}未知（此处允许 {allowed}）；请等待模块报告，或重新设定</translation>
    </message>
    <message>
        <source>{label} is {active} in the module, {allowed} allowed here; set it first</source>
        <translation>模块中{label}为 {active}，此处允许 {allowed}；请先设定</translation>
    </message>
    <message>
        <source>{label} must be {low} to {high} {unit}, got {value}</source>
        <translation>{label}须为 {low} 至 {high} {unit}，收到 {value}</translation>
    </message>
    <message>
        <source>{label} not changed: {problem}</source>
        <translation>{label}未更改：{problem}</translation>
    </message>
    <message>
        <source>{low} to {high} {unit}</source>
        <translation>{low} 至 {high} {unit}</translation>
    </message>
    <message>
        <source>{mode} allows no {setpoint} within {low} to {high} {unit}, which is all that this site&apos;s limits allow</source>
        <translation>{mode}模式的{setpoint}不在本单位限定的 {low} 至 {high} {unit} 之内</translation>
    </message>
    <message>
        <source>{mode} begins with {setpoint} {value} {unit}, {low} to {high} allowed here</source>
        <translation>{mode}模式以{setpoint} {value} {unit} 开始，此处允许 {low} 至 {high}</translation>
    </message>
    <message>
        <source>{mode} is not used at this site; choose another mode</source>
        <translation>本单位不使用{mode}模式；请选择其他模式</translation>
    </message>
    <message>
        <source>{name} in {folder}</source>
        <translation>{folder} 中的 {name}</translation>
    </message>
    <message>
        <source>{n} frames not recorded</source>
        <translation>{n} 帧未录</translation>
    </message>
    <message>
        <source>{problem}; stop the gas first</source>
        <translation>{problem}；请先停气</translation>
    </message>
    <message>
        <source>{reason} (mode {mode})</source>
        <translation>{reason}（{mode}模式）</translation>
    </message>
    <message>
        <source>{seconds} s in {folder} ({raw} raw and {enhanced} enhanced frames written, {lost_raw} and {lost_enhanced} dropped)</source>
        <translation>{seconds} 秒，保存于 {folder}（写入原始 {raw} 帧、增强 {enhanced} 帧，丢弃 {lost_raw} 和 {lost_enhanced} 帧）</translation>
    </message>
    <message>
        <source>{state}. Each module makes itself safe 0.5 s after the program is gone. Close the gas cylinder and look at the patient before leaving.</source>
        <translation>{state}。程序退出 0.5 秒后各模块会自行进入安全状态。离开前请关闭气瓶并查看患者。</translation>
    </message>
    <message>
        <source>{subject}: lost, {why}</source>
        <translation>{subject}：未送达，{why}</translation>
    </message>
    <message>
        <source>{subject}: refused, {why}</source>
        <translation>{subject}：被拒绝，{why}</translation>
    </message>
    <message>
        <source>{text} ({more})</source>
        <translation>{text}（{more}）</translation>
    </message>
    <message>
        <source>{why} (sent {n} times)</source>
        <translation>{why}（已发送 {n} 次）</translation>
    </message>
    <message>
        <source>{width} x {height}, {rate} frames/s, {ms} ms</source>
        <translation>{width} x {height}，{rate} 帧/秒，{ms} ms</translation>
    </message>
</context>
<context>
    <name>plantwords</name>
    <message>
        <source>Abdomen&apos;s pressure</source>
        <translation>腹腔压力</translation>
    </message>
    <message>
        <source>Answers as another</source>
        <translation>以他人身份应答</translation>
    </message>
    <message>
        <source>Answers slowly</source>
        <translation>应答缓慢</translation>
    </message>
    <message>
        <source>Answers too late</source>
        <translation>应答过迟</translation>
    </message>
    <message>
        <source>Answers unevenly</source>
        <translation>应答不均匀</translation>
    </message>
    <message>
        <source>Bit errors on the bus</source>
        <translation>总线误码</translation>
    </message>
    <message>
        <source>Breathing rate</source>
        <translation>呼吸频率</translation>
    </message>
    <message>
        <source>Bus cable cut</source>
        <translation>总线电缆断开</translation>
    </message>
    <message>
        <source>Compliance, times usual</source>
        <translation>顺应性（倍数）</translation>
    </message>
    <message>
        <source>Current sensor</source>
        <translation>电流传感器</translation>
    </message>
    <message>
        <source>Cylinder empty</source>
        <translation>气瓶已空</translation>
    </message>
    <message>
        <source>Cylinder sensor</source>
        <translation>气瓶传感器</translation>
    </message>
    <message>
        <source>Does not answer</source>
        <translation>无应答</translation>
    </message>
    <message>
        <source>Fan stands still</source>
        <translation>风扇停转</translation>
    </message>
    <message>
        <source>Fan worn</source>
        <translation>风扇磨损</translation>
    </message>
    <message>
        <source>Fan&apos;s tachometer</source>
        <translation>风扇转速传感器</translation>
    </message>
    <message>
        <source>Flow sensor</source>
        <translation>流量传感器</translation>
    </message>
    <message>
        <source>Flow valve</source>
        <translation>流量阀</translation>
    </message>
    <message>
        <source>Gas in the cylinder</source>
        <translation>气瓶余气</translation>
    </message>
    <message>
        <source>Gas taken up</source>
        <translation>气体吸收</translation>
    </message>
    <message>
        <source>Hears nothing</source>
        <translation>收不到信号</translation>
    </message>
    <message>
        <source>LED aged</source>
        <translation>LED 老化</translation>
    </message>
    <message>
        <source>LED open circuit</source>
        <translation>LED 开路</translation>
    </message>
    <message>
        <source>LED short circuit</source>
        <translation>LED 短路</translation>
    </message>
    <message>
        <source>Leak</source>
        <translation>漏气</translation>
    </message>
    <message>
        <source>Light&apos;s hours</source>
        <translation>光源小时数</translation>
    </message>
    <message>
        <source>Loses replies</source>
        <translation>丢失应答</translation>
    </message>
    <message>
        <source>Muscle relaxation</source>
        <translation>肌松</translation>
    </message>
    <message>
        <source>Needle&apos;s tip</source>
        <translation>针尖位置</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>无信号</translation>
    </message>
    <message>
        <source>Noise on the bus</source>
        <translation>总线干扰</translation>
    </message>
    <message>
        <source>Press on the abdomen</source>
        <translation>压迫腹部</translation>
    </message>
    <message>
        <source>Pressure sensor 1</source>
        <translation>压力传感器 1</translation>
    </message>
    <message>
        <source>Pressure sensor 2</source>
        <translation>压力传感器 2</translation>
    </message>
    <message>
        <source>Regulator too low</source>
        <translation>减压阀压力过低</translation>
    </message>
    <message>
        <source>Relief valve</source>
        <translation>泄压阀</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Ripple by breathing</source>
        <translation>呼吸波动</translation>
    </message>
    <message>
        <source>Room temperature</source>
        <translation>室温</translation>
    </message>
    <message>
        <source>Shut-off valve</source>
        <translation>截止阀</translation>
    </message>
    <message>
        <source>Temperature sensor</source>
        <translation>温度传感器</translation>
    </message>
    <message>
        <source>Too hot</source>
        <translation>过热</translation>
    </message>
    <message>
        <source>Tube half kinked</source>
        <translation>管路部分打折</translation>
    </message>
    <message>
        <source>Tube kinked</source>
        <translation>管路打折</translation>
    </message>
    <message>
        <source>Tube pulled off</source>
        <translation>管路脱落</translation>
    </message>
    <message>
        <source>Veress needle</source>
        <translation>气腹针</translation>
    </message>
    <message>
        <source>Way into the abdomen</source>
        <translation>入腹途径</translation>
    </message>
    <message>
        <source>covered</source>
        <translation>被覆盖</translation>
    </message>
    <message>
        <source>drifting</source>
        <translation>漂移</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>high-flow trocar</source>
        <translation>高流量穿刺器</translation>
    </message>
    <message>
        <source>inside</source>
        <translation>腹腔内</translation>
    </message>
    <message>
        <source>leaks</source>
        <translation>漏气</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>无数值</translation>
    </message>
    <message>
        <source>out of range</source>
        <translation>超出范围</translation>
    </message>
    <message>
        <source>preperitoneal</source>
        <translation>腹膜前</translation>
    </message>
    <message>
        <source>stuck closed</source>
        <translation>卡在关闭</translation>
    </message>
    <message>
        <source>stuck half-way</source>
        <translation>卡在中间</translation>
    </message>
    <message>
        <source>stuck open</source>
        <translation>卡在打开</translation>
    </message>
    <message>
        <source>trocar</source>
        <translation>穿刺器</translation>
    </message>
    <message>
        <source>trocar 5 mm</source>
        <translation>5 mm 穿刺器</translation>
    </message>
</context>
</TS>
